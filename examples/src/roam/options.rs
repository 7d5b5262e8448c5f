//! The command line.

use std::path::PathBuf;

use clap::Parser;
use ocpi_types::Version;
use ocpi_types::v2_3_0::locations::ConnectorType;

use super::plug::plug;

/// One driver's day between a CPO and an eMSP, over real HTTP on this machine.
#[derive(Clone, Debug, Parser)]
#[command(
    name = "roam",
    after_help = "Example: roam --from 52.03,5.05 --to 52.11,5.20 --within 2000 --plug Type2 --power 11"
)]
pub struct Options {
    /// An OCPI page, envelope or array of Locations of 2.3.0 to load, instead of the made-up city; `-` is standard input.
    #[arg(long, value_name = "FILE")]
    pub locations: Option<PathBuf>,
    /// Where the route starts; without it, a corner of the map.
    #[arg(long, value_name = "LAT,LON", value_parser = point, allow_hyphen_values = true)]
    pub from: Option<Point>,
    /// Where the route ends; without it, the opposite corner.
    #[arg(long, value_name = "LAT,LON", value_parser = point, allow_hyphen_values = true)]
    pub to: Option<Point>,
    /// The greatest distance of a charger from the route.
    #[arg(long, value_name = "METRES", default_value_t = 1500)]
    pub within: u32,
    /// The plug that must fit, such as CCS2, Type2 or CHADEMO; without it, CCS2 if one is free, and else any.
    #[arg(long, value_parser = plug)]
    pub plug: Option<ConnectorType>,
    /// The power that it must give at least, in kW.
    #[arg(long, value_name = "KW", default_value_t = 50)]
    pub power: i64,
    /// The version that the CPO speaks; the eMSP speaks all. Both platforms are written in 2.3.0.
    #[arg(long, value_name = "VERSION", default_value_t = Version::V2_3_0)]
    pub cpo_version: Version,
    /// Where the platforms keep their objects: `memory:`, `sqlite:FILE` or `postgres://…`; without it, SQLite files that are
    /// gone afterwards. Each platform has a store of its own: `{side}` in the URL stands for `cpo` and `emsp`; without
    /// it the file gets that name as an ending, and the tables stand in the schemas `roam_cpo` and `roam_emsp`.
    #[arg(long, value_name = "URL")]
    pub store: Option<String>,
    /// Prints JSON on standard output, and nothing else.
    #[arg(long)]
    pub json: bool,
}

/// A place on the map, in degrees.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// North of the equator.
    pub latitude: f64,
    /// East of Greenwich.
    pub longitude: f64,
}

fn point(text: &str) -> Result<Point, String> {
    let parts =
        text.split_once(',').map(|(latitude, longitude)| (latitude.trim().parse(), longitude.trim().parse()));
    match parts {
        Some((Ok(latitude), Ok(longitude))) if f64::abs(latitude) <= 90.0 && f64::abs(longitude) <= 180.0 => {
            Ok(Point { latitude, longitude })
        }
        _ => Err("a point is written LAT,LON in degrees, such as 52.09,5.12".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::{Point, point};

    #[test]
    fn points_are_read() {
        assert_eq!(point("52.09, -5.1"), Ok(Point { latitude: 52.09, longitude: -5.1 }));
        for text in ["", "52.09", "91,0", "0,181", "x,y", "NaN,0"] {
            assert!(point(text).is_err(), "{text}");
        }
    }
}
