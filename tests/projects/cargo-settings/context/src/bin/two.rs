fn main() {
    println!("{}", app::text(2));
}
