include!(concat!(env!("OUT_DIR"), "/when.rs"));

fn main() {
    let word = regex::Regex::new("l+").unwrap();
    println!("{} {WHEN}", word.replace("hello", greet::TEXT));
}
