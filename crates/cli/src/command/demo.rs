//! `cadastre demo …`

use crate::arguments::Demo;
use crate::context::Context;
use cadastre_core::{ErrorKind, Result};

pub async fn run(_context: &Context, _command: &Demo) -> Result<u8> {
    Err(ErrorKind::DemoNotRunning.into())
}
