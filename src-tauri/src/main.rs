//! The desktop application.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

/// What WebKitGTK's processes take from the environment, unless somebody has chosen otherwise.
#[cfg(target_os = "linux")]
const WEBKIT: [(&str, &str); 5] = [
    // The DMA-BUF renderer shows an empty window on some drivers and in virtual machines (WebKit bug 261874).
    ("WEBKIT_DISABLE_DMABUF_RENDERER", "1"),
    // Most functions of a window run a few hundred times, which is enough to be compiled, twice: dozens of megabytes for nothing that a
    // person could notice. What runs in every frame of a long list still is compiled: its frames measure the same.
    ("JSC_thresholdForJITAfterWarmUp", "30000"),
    ("JSC_thresholdForOptimizeAfterWarmUp", "30000"),
    ("JSC_thresholdForOptimizeAfterLongWarmUp", "30000"),
    // What nobody uses any more is looked for more often, and compiled code that has not been used for a while goes, too. Scrolling
    // through a long list pays for it with a tenth of each frame.
    ("JSC_forceMiniVMMode", "1"),
];

/// The lists of a large fleet are built, sent and thrown away by many threads. The system's allocator keeps what each of them needed at
/// most for ever; this one gives it back.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    #[cfg(target_os = "linux")]
    for (name, value) in WEBKIT {
        if std::env::var_os(name).is_none() {
            #[expect(unsafe_code, reason = "no other thread exists yet")]
            // SAFETY: this is the first statement of the program; nothing else reads the environment.
            unsafe {
                std::env::set_var(name, value);
            }
        }
    }
    cadastre_desktop::run();
}
