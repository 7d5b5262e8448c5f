//! Objects of a partner that are odd from the start.

use serde_json::json;

use crate::worst::plan::Plan;

/// Seconds of an hour.
const HOUR: i64 = 3_600;

pub(in crate::worst) fn unpublished(plan: &mut Plan) {
    plan.seed_changes.push(|kind, _, json| {
        if kind == "location" {
            json["publish"] = json!(false);
        }
    });
}

pub(in crate::worst) fn ahead(plan: &mut Plan) {
    plan.ahead += HOUR;
}

pub(in crate::worst) fn behind(plan: &mut Plan) {
    plan.ahead -= HOUR;
}

pub(in crate::worst) fn signed(plan: &mut Plan) {
    plan.seed_changes.push(|kind, _, json| {
        if kind == "cdr" {
            json["signed_data"] = json!({"encoding_method": "ZZ/7", "signed_values": [{"nature": "Start",
                "plain_data": "OCMF|{\"A\":\"\u{e4}\\\\ \"}|", "signed_data": "7b22\t/+=="}]});
        }
    });
}
