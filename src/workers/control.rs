//! The Unix socket in the data directory: a second process that wrote to the database (the command line) wakes the
//! server's workers through it and has cached keys dropped.

use std::{
    io::ErrorKind,
    path::{Path, PathBuf},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{UnixListener, UnixStream},
};

use crate::service::Service;

/// Name of the socket in the data directory.
pub const SOCKET_NAME: &str = "control.sock";
/// The one thing that can be said.
const WAKE: u8 = b'w';

/// Listens at the socket. A socket left by a server that was killed is replaced.
pub fn listen(directory: &Path) -> std::io::Result<(UnixListener, PathBuf)> {
    let path = directory.join(SOCKET_NAME);
    match std::fs::remove_file(&path) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    Ok((UnixListener::bind(&path)?, path))
}

/// Wakes the workers whenever somebody rings.
pub async fn serve(listener: UnixListener, service: Service) {
    loop {
        let Ok((mut stream, _)) = listener.accept().await else { continue };
        let mut said = [0];
        if stream.read_exact(&mut said).await.is_ok() && said == [WAKE] {
            service.keys.forget();
            service.wake.all();
            // Whoever rang may have gone already.
            let _ = stream.write_all(&said).await;
        }
    }
}

/// Rings, and waits until the server has heard; answers whether one runs.
pub async fn ring(directory: &Path) -> bool {
    let Ok(mut stream) = UnixStream::connect(directory.join(SOCKET_NAME)).await else {
        return false;
    };
    let mut heard = [0];
    stream.write_all(&[WAKE]).await.is_ok() && stream.read_exact(&mut heard).await.is_ok()
}
