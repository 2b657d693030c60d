//! A chart with two logarithmic axes as an SVG, readable on a light and on a dark page.

use std::fmt::Write as _;

const WIDTH: f64 = 820.0;
const HEIGHT: f64 = 480.0;
const LEFT: f64 = 76.0;
const RIGHT: f64 = 24.0;
const TOP: f64 = 48.0;
const BOTTOM: f64 = 108.0;

/// Colours that stand out on white and on black.
pub(crate) const COLOURS: [&str; 6] = ["#d1495b", "#2e86ab", "#3a9d5d", "#c77d1e", "#8e63c7", "#7d8590"];

/// A line of the chart.
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) colour: &'static str,
    pub(crate) is_dashed: bool,
    pub(crate) points: Vec<(f64, f64)>,
    /// What was measured.
    pub(crate) dots: Vec<(f64, f64)>,
}

/// An axis: what it is, from where to where, and which values are named.
pub(crate) struct Axis {
    pub(crate) name: &'static str,
    pub(crate) from: f64,
    pub(crate) to: f64,
    pub(crate) ticks: Vec<(f64, String)>,
}

impl Axis {
    /// Where a value stands, from 0 to 1.
    fn place(&self, value: f64) -> f64 {
        ((value / self.from).ln() / (self.to / self.from).ln()).clamp(0.0, 1.0)
    }

    fn holds(&self, value: f64) -> bool {
        (self.from..=self.to).contains(&value)
    }
}

/// The chart as the text of a file.
pub(crate) fn svg(title: &str, x: &Axis, y: &Axis, lines: &[Line]) -> String {
    let at_x = |value: f64| LEFT + x.place(value) * (WIDTH - LEFT - RIGHT);
    let at_y = |value: f64| HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{title}\">\n\
         <style>\n\
         text {{ font: 13px system-ui, sans-serif; fill: #444c56; }}\n\
         .title {{ font-size: 16px; font-weight: 600; }}\n\
         .grid {{ stroke: #8c959f; stroke-opacity: .3; }}\n\
         .axis {{ stroke: #8c959f; }}\n\
         @media (prefers-color-scheme: dark) {{ text {{ fill: #c9d1d9; }} }}\n\
         </style>\n\
         <text class=\"title\" x=\"{LEFT}\" y=\"26\">{title}</text>\n"
    );
    let (left, right, top, bottom) = (LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM);
    for (value, name) in &x.ticks {
        let at = at_x(*value);
        writeln!(text, "<path class=\"grid\" d=\"M{at:.1} {top}V{bottom}\"/>").unwrap();
        writeln!(text, "<text x=\"{at:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{name}</text>", bottom + 18.0)
            .unwrap();
    }
    for (value, name) in &y.ticks {
        let at = at_y(*value);
        writeln!(text, "<path class=\"grid\" d=\"M{left} {at:.1}H{right}\"/>").unwrap();
        writeln!(
            text,
            "<text x=\"{:.1}\" y=\"{:.1}\" text-anchor=\"end\">{name}</text>",
            left - 8.0,
            at + 4.0
        )
        .unwrap();
    }
    writeln!(text, "<path class=\"axis\" fill=\"none\" d=\"M{left} {top}V{bottom}H{right}\"/>").unwrap();
    let middle = f64::midpoint(left, right);
    writeln!(
        text,
        "<text x=\"{middle:.1}\" y=\"{:.1}\" text-anchor=\"middle\">{}</text>",
        bottom + 38.0,
        x.name
    )
    .unwrap();
    let middle = f64::midpoint(top, bottom);
    writeln!(
        text,
        "<text transform=\"translate(16 {middle:.1}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
        y.name
    )
    .unwrap();
    for (n, line) in lines.iter().enumerate() {
        let (colour, dash) = (line.colour, if line.is_dashed { " stroke-dasharray=\"6 4\"" } else { "" });
        // A line that leaves the chart ends at its edge.
        let mut path = String::new();
        for (a, b) in line.points.iter().filter(|(a, b)| x.holds(*a) && y.holds(*b)) {
            write!(path, "{}{:.1} {:.1}", if path.is_empty() { "M" } else { "L" }, at_x(*a), at_y(*b))
                .unwrap();
        }
        writeln!(text, "<path fill=\"none\" stroke=\"{colour}\" stroke-width=\"2\"{dash} d=\"{path}\"/>")
            .unwrap();
        for (a, b) in line.dots.iter().filter(|(a, b)| x.holds(*a) && y.holds(*b)) {
            writeln!(
                text,
                "<circle cx=\"{:.1}\" cy=\"{:.1}\" r=\"4\" fill=\"{colour}\"/>",
                at_x(*a),
                at_y(*b)
            )
            .unwrap();
        }
        let (column, row) = ((n % 3) as f64, (n / 3) as f64);
        let (a, b) = (left + column * 244.0, bottom + 62.0 + row * 20.0);
        writeln!(text, "<path stroke=\"{colour}\" stroke-width=\"2\"{dash} d=\"M{a} {:.1}h24\"/>", b - 4.0)
            .unwrap();
        writeln!(text, "<text x=\"{:.1}\" y=\"{b:.1}\">{}</text>", a + 30.0, line.name).unwrap();
    }
    text.push_str("</svg>\n");
    text
}
