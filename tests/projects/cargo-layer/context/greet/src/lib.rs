pub const TEXT: &str = "LL";
