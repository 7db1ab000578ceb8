pub fn text() -> &'static str {
    itoa::TEXT
}
