//! Looks at a page as a reader does: in headless Chromium on a screen, and printed on A4. Nothing of pgrole's is asked here.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::harness::servers::skip;
use crate::harness::{Outcome, variable};

/// Asks the browser for what runs past its place, and for how well each text stands out against what is behind it
/// (WCAG 2.1, 1.4.3), and leaves the answer in the document.
const MEASURE: &str = r#"<pre id="measured"></pre><script>
function rgb(c){const m=c.match(/[\d.]+/g).map(Number);return m.length>3?m:[m[0],m[1],m[2],1]}
function lum(c){const f=v=>{v/=255;return v<=.03928?v/12.92:Math.pow((v+.055)/1.055,2.4)};return .2126*f(c[0])+.7152*f(c[1])+.0722*f(c[2])}
function behind(e){for(;e;e=e.parentElement){const c=rgb(getComputedStyle(e).backgroundColor);if(c[3]>0)return c}return [255,255,255,1]}
const wide=[],faint=[],broken=[];let texts=0;const right=document.documentElement.clientWidth;
for(const e of document.body.querySelectorAll("*")){
  if(["SCRIPT","PRE","STYLE"].includes(e.tagName)||e.closest("defs"))continue;
  const box=e.getBoundingClientRect();
  if(box.width>0&&(box.right>right+1||box.left<-1))wide.push(e.tagName+" "+e.textContent.slice(0,40));
  const drawing=e.tagName==="text"&&e.closest("svg").getBoundingClientRect();
  if(drawing&&box.right>drawing.right)wide.push("text of a drawing "+e.textContent);
  if(!e.closest("svg")&&[...e.childNodes].some(n=>n.nodeType===3&&/^\S{1,8}$/.test(n.textContent.trim()))&&e.children.length===0&&box.height>parseFloat(getComputedStyle(e).lineHeight)*1.9&&e.getClientRects().length>1)broken.push(e.textContent);
  if(e.scrollWidth>e.clientWidth+2&&e.clientWidth>0&&!e.closest("svg"))wide.push(e.tagName+" in itself "+e.textContent.slice(0,40));
  const own=[...e.childNodes].some(n=>n.nodeType===3&&n.textContent.trim());
  if(!own||e.tagName==="TITLE")continue;
  texts++;
  const s=getComputedStyle(e),front=rgb(e.closest("svg")?s.fill:s.color),back=behind(e);
  const a=lum(front),b=lum(back),ratio=(Math.max(a,b)+.05)/(Math.min(a,b)+.05);
  let opacity=1;for(let p=e;p;p=p.parentElement)opacity*=Number(getComputedStyle(p).opacity);
  if(ratio<4.5||opacity<1)faint.push(ratio.toFixed(2)+" "+e.tagName+"."+e.className+" "+e.textContent.slice(0,40));
}
document.getElementById("measured").textContent=JSON.stringify({texts,wide,faint,broken,scroll:document.documentElement.scrollWidth-right});
</script>"#;

pub struct Browser {
    program: PathBuf,
    folder: PathBuf,
}

impl Browser {
    /// `None` where none is installed; that is written down.
    #[track_caller]
    pub fn new(folder: &Path) -> Option<Self> {
        let path = variable("PATH").unwrap_or_default();
        let named = ["chromium", "chromium-browser", "google-chrome"];
        let mut places =
            std::env::split_paths(&path).flat_map(|folder| named.map(|name| folder.join(name)));
        let Some(program) = places.find(|place| place.is_file()) else {
            skip("no Chromium to look at a page with");
            return None;
        };
        Some(Self {
            program,
            folder: folder.to_owned(),
        })
    }

    fn run(&self, page: &Path, arguments: &[String]) -> Outcome {
        let mut command = Command::new(&self.program);
        command.args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--hide-scrollbars",
        ]);
        let profile = self.folder.join("profile");
        command.arg(format!("--user-data-dir={}", profile.display()));
        command.env("HOME", &self.folder);
        command
            .args(arguments)
            .arg(format!("file://{}", page.display()));
        Outcome::of(command)
    }

    /// The page as a picture of that size.
    #[track_caller]
    pub fn picture(&self, page: &Path, (width, height): (u32, u32)) -> PathBuf {
        let picture = self.folder.join("page.png");
        let size = format!("--window-size={width},{height}");
        let shot = format!("--screenshot={}", picture.display());
        self.run(page, &[size, shot]).expect_status(0);
        picture
    }

    /// What the browser measured at a width: texts, what is too wide, what is too faint.
    #[track_caller]
    pub fn measured(&self, page: &Path, width: u32) -> Value {
        let html = fs::read_to_string(page).expect("it was written");
        // The copy may run a script, which the page itself forbids.
        let start = html.find("<meta http-equiv").expect("it has a policy");
        let end = start + html[start..].find('>').expect("a tag ends") + 1;
        let html = format!("{}{}", &html[..start], &html[end..]);
        let html = html.replace("</body>", &format!("{MEASURE}</body>"));
        let copy = self.folder.join("measured.html");
        fs::write(&copy, html).expect("our own folder can be written");
        let outcome = self.run(
            &copy,
            &[
                format!("--window-size={width},900"),
                "--dump-dom".to_owned(),
            ],
        );
        outcome.expect_status(0);
        let found = outcome.stdout.split("<pre id=\"measured\">").nth(1);
        let found = found.and_then(|rest| rest.split("</pre>").next());
        let found = found.unwrap_or_else(|| panic!("{outcome}nothing measured"));
        let found = found
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&");
        serde_json::from_str(&found).unwrap_or_else(|error| panic!("{error}: {found}"))
    }

    /// The page printed.
    #[track_caller]
    pub fn printed(&self, page: &Path) -> PathBuf {
        let pdf = self.folder.join("page.pdf");
        let print = format!("--print-to-pdf={}", pdf.display());
        self.run(page, &["--no-pdf-header-footer".to_owned(), print])
            .expect_status(0);
        pdf
    }
}

/// What a program of poppler says of a printed page.
#[track_caller]
pub fn poppler(program: &str, arguments: &[&str], pdf: &Path) -> Outcome {
    let mut command = Command::new(program);
    command.args(arguments).arg(pdf);
    if program != "pdfinfo" {
        command.arg(if program == "pdftotext" {
            PathBuf::from("-")
        } else {
            pdf.with_extension("")
        });
    }
    let outcome = Outcome::of(command);
    outcome.expect_status(0);
    outcome
}

/// A picture of one printed page, as rows of grey values.
pub struct Sheet {
    pub width: usize,
    pub height: usize,
    pub points: Vec<u8>,
}

impl Sheet {
    /// Reads a PGM file.
    pub fn read(path: &Path) -> Self {
        let bytes = fs::read(path).expect("it was made");
        let mut fields = Vec::new();
        let mut at = 0;
        while fields.len() < 4 {
            let end = at
                + bytes[at..]
                    .iter()
                    .position(u8::is_ascii_whitespace)
                    .expect("a head");
            fields.push(String::from_utf8_lossy(&bytes[at..end]).into_owned());
            at = end + 1;
        }
        assert_eq!(fields[0], "P5");
        Self {
            width: fields[1].parse().expect("a number"),
            height: fields[2].parse().expect("a number"),
            points: bytes[at..].to_vec(),
        }
    }

    /// Whether something dark is within so many points of the edge.
    pub fn is_inked_at_edge(&self, margin: usize) -> bool {
        let mut places = (0..self.width * self.height).filter(|place| {
            let (x, y) = (place % self.width, place / self.width);
            x < margin || y < margin || x >= self.width - margin || y >= self.height - margin
        });
        places.any(|place| self.points[place] < 200)
    }

    /// The share of points that are dark.
    pub fn ink(&self) -> f64 {
        let dark = self.points.iter().filter(|point| **point < 128).count();
        #[allow(
            clippy::cast_precision_loss,
            reason = "a sheet has some million points"
        )]
        let share = dark as f64 / self.points.len() as f64;
        share
    }
}
