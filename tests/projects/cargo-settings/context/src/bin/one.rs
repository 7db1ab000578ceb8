fn main() {
    println!("{}", app::text(1));
}
