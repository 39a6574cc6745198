//! Logos and favicons.

use crate::{Error, ErrorKind, Result};
use serde::{Deserialize, Serialize};
use std::path::Path;

/// What an image is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "specta", derive(specta::Type))]
pub enum ImageUsage {
    /// 1 MiB at most.
    Logo,
    /// 128 KiB at most.
    Favicon,
}

impl ImageUsage {
    /// As the registry writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Logo => "logo",
            Self::Favicon => "favicon",
        }
    }

    const fn limit(self) -> usize {
        match self {
            Self::Logo => 1 << 20,
            Self::Favicon => 128 << 10,
        }
    }
}

/// An image as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Image {
    /// For example `image/png`; told by the content, not by the file's name.
    pub media_type: &'static str,
    /// The file.
    pub content: Vec<u8>,
}

impl Image {
    /// Reads a file.
    ///
    /// # Errors
    /// [`ErrorKind::FileUnreadable`], [`ErrorKind::RegistryValueInvalid`] for one that is too large or no image.
    pub fn read(path: &Path, usage: ImageUsage) -> Result<Self> {
        let unreadable = |e| Error::new(ErrorKind::FileUnreadable { path: path.display().to_string() }).source(e);
        let file = std::fs::File::open(path).map_err(unreadable)?;
        let mut content = Vec::new();
        // One byte more than allowed, whatever the size of the file.
        let most = usage.limit() as u64 + 1;
        std::io::Read::read_to_end(&mut std::io::Read::take(file, most), &mut content).map_err(unreadable)?;
        Self::of(content, usage).map_err(|reason| {
            let value = path.display().to_string();
            ErrorKind::RegistryValueInvalid { field: usage.name().into(), value, reason }.into()
        })
    }

    /// Checks a content.
    fn of(content: Vec<u8>, usage: ImageUsage) -> Result<Self, String> {
        if content.is_empty() {
            return Err("the file is empty".into());
        }
        if content.len() > usage.limit() {
            return Err(format!("the file is larger than {} KiB", usage.limit() >> 10));
        }
        let media_type = media_type(&content).ok_or("it is no PNG, JPEG, WebP, GIF, SVG or ICO image")?;
        Ok(Self { media_type, content })
    }
}

/// By the first bytes of the formats; an SVG by its root element, and without scripts, which a page would run.
fn media_type(content: &[u8]) -> Option<&'static str> {
    match content {
        [0x89, b'P', b'N', b'G', 0x0d, 0x0a, 0x1a, 0x0a, ..] => Some("image/png"),
        [0xff, 0xd8, 0xff, ..] => Some("image/jpeg"),
        [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => Some("image/webp"),
        [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Some("image/gif"),
        [0, 0, 1, 0, ..] => Some("image/x-icon"),
        _ => {
            let text = std::str::from_utf8(content).ok()?.to_ascii_lowercase();
            let active = text.contains("<script") || text.contains("javascript:") || text.contains("<foreignobject");
            let begins = text.trim_start_matches('\u{feff}').trim_start();
            let is_svg = (begins.starts_with("<svg") || begins.starts_with("<?xml") || begins.starts_with("<!--"))
                && text.contains("<svg");
            (is_svg && !active).then_some("image/svg+xml")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_content_says_what_an_image_is() {
        let of = |content: &[u8]| Image::of(content.to_vec(), ImageUsage::Favicon).map(|i| i.media_type);
        assert_eq!(of(b"\x89PNG\r\n\x1a\n...."), Ok("image/png"));
        assert_eq!(of(b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>"), Ok("image/svg+xml"));
        assert!(of(b"<svg><script>x()</script></svg>").is_err());
        assert!(of(b"MZ....").is_err());
        assert!(of(b"").is_err());
        assert!(of(&[&b"\x89PNG\r\n\x1a\n"[..], &[0; 200_000]].concat()).unwrap_err().contains("128 KiB"));
    }
}
