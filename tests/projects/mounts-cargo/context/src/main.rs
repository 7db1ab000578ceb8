fn main() {
    let word = regex::Regex::new("l+").unwrap();
    println!("{}", word.replace("hello", "LL"));
}
