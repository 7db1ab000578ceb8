pub fn greeting() -> String {
    format!("hello {}", env!("NUMBER"))
}
