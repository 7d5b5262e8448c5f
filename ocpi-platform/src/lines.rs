//! Small documents of lines with fields separated by blanks.

/// Writes the fields of a line. What would end a field is written as its number.
pub(crate) fn line(fields: &[&str]) -> String {
    let fields: Vec<String> = fields.iter().map(|field| escaped(field)).collect();
    fields.join(" ")
}

/// Reads the fields of a line.
pub(crate) fn fields(line: &str) -> Vec<String> {
    line.split(' ').map(plain).collect()
}

/// Characters that have a meaning in a line, and what is written for them.
const ESCAPES: [(&str, &str); 4] = [("%", "%25"), (" ", "%20"), ("\n", "%0a"), ("\r", "%0d")];

fn escaped(field: &str) -> String {
    ESCAPES.iter().fold(field.to_owned(), |text, (plain, escape)| text.replace(plain, escape))
}

fn plain(field: &str) -> String {
    ESCAPES.iter().rev().fold(field.to_owned(), |text, (plain, escape)| text.replace(escape, plain))
}

#[cfg(test)]
mod tests {
    use super::{fields, line};

    #[test]
    fn fields_are_read_as_they_are_written() {
        for odd in [["", "a b", "%0a"], ["%20", "x\ny\r", "100 %"], ["%2520", "", ""]] {
            let written = line(&odd);
            assert_eq!((fields(&written), written.contains('\n')), (odd.map(str::to_owned).to_vec(), false));
        }
    }
}
