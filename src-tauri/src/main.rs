//! The desktop application.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

fn main() {
    #[cfg(target_os = "linux")]
    if std::env::var_os("WEBKIT_DISABLE_DMABUF_RENDERER").is_none() {
        // The DMA-BUF renderer shows an empty window on some drivers and in virtual machines (WebKit bug 261874).
        #[expect(unsafe_code, reason = "no other thread exists yet")]
        // SAFETY: this is the first statement of the program; nothing else reads the environment.
        unsafe {
            std::env::set_var("WEBKIT_DISABLE_DMABUF_RENDERER", "1");
        }
    }
    cadastre_desktop::run();
}
