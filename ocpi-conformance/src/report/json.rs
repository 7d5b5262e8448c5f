//! The report as JSON.

use serde_json::{Value, json};

use super::Report;
use crate::check::CheckOutcome;

impl Report {
    /// Returns the report as JSON: `{"partner", "versions", "chosen", "endpoints", "deviations", "checks"}`.
    pub fn to_json(&self) -> Value {
        let versions: Vec<Value> =
            self.versions.iter().map(|(version, url)| json!({"version": version, "url": url})).collect();
        let endpoint = |it: &crate::context::Advertised| json!({"identifier": it.module, "role": it.role, "url": it.url});
        let checks: Vec<Value> = self
            .checks
            .iter()
            .map(|it| {
                let mut check = serde_json::to_value(&it.check).unwrap_or_default();
                check["outcome"] = it.outcome.as_str().into();
                check["message"] = match &it.outcome {
                    CheckOutcome::Passed(_) => Value::Null,
                    CheckOutcome::Skipped(why) => why.as_str().into(),
                    CheckOutcome::Warned(failure) | CheckOutcome::Failed(failure) => {
                        failure.to_string().into()
                    }
                };
                if let Some(failure) = it.outcome.failure() {
                    check["expected"] = failure.expected.as_str().into();
                    check["found"] = failure.found.as_str().into();
                    check["request"] = failure.request.as_deref().into();
                    check["answer"] = failure.answer.as_deref().into();
                }
                check
            })
            .collect();
        json!({
            "partner": self.server,
            "versions": versions,
            "chosen": self.version,
            "endpoints": self.endpoints.iter().map(endpoint).collect::<Vec<_>>(),
            "deviations": [],
            "checks": checks,
        })
    }
}
