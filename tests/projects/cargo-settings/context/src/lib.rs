pub fn text(number: u8) -> String {
    itoa::Buffer::new().format(number).to_string()
}
