//! What the example programs share.

pub mod city;
pub mod roam;
