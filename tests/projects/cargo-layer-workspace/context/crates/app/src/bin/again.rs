fn main() {
    println!("{0} {0}", words::greeting());
}
