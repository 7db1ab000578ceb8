#[derive(macros::Named)]
struct Program;

fn main() {
    println!("{} {} {}", itoa::Buffer::new().format(1), words::greeting(), Program::name());
}
