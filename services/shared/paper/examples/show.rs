//! Prints what a file says: `cargo run --example show -- FILE…`.

fn main() -> std::io::Result<()> {
    for name in std::env::args().skip(1) {
        let bytes = std::fs::read(&name)?;
        let started = std::time::Instant::now();
        let result = paper::read(&bytes, Some(&name));
        println!("== {name}: {} bytes in {:?}", bytes.len(), started.elapsed());
        match result {
            Ok(paper) => {
                println!("{}，题名：{:?}\n{}", paper.kind, paper.title, paper.text);
                for hidden in &paper.hidden {
                    let text: String = hidden.text.chars().take(100).collect();
                    println!("-- {}（{}）：{text:?}", hidden.how, hidden.place);
                }
                for unread in &paper.unread {
                    println!("?? {}：{}", unread.place, unread.why);
                }
            }
            Err(error) => println!("!! {error}"),
        }
    }
    Ok(())
}
