use super::*;
use secrecy::ExposeSecret;
use std::time::Instant;

/// A store that blocks until it is let go, as a locked keyring does.
struct Blocking {
    gate: mpsc::Receiver<()>,
    memory: memory::Memory,
}

impl SecretStore for Blocking {
    fn name(&self) -> &'static str {
        "Blocking"
    }
    fn probe(&mut self) -> Result<(), SecretError> {
        Ok(())
    }
    fn get(&mut self, account: &str) -> Result<Option<SecretString>, SecretError> {
        let _ = self.gate.recv();
        self.memory.get(account)
    }
    fn set(&mut self, account: &str, secret: &SecretString) -> Result<(), SecretError> {
        self.memory.set(account, secret)
    }
    fn remove(&mut self, account: &str) -> Result<(), SecretError> {
        self.memory.remove(account)
    }
}

struct Broken;

impl SecretStore for Broken {
    fn name(&self) -> &'static str {
        "Broken"
    }
    fn probe(&mut self) -> Result<(), SecretError> {
        Err(SecretError::Unavailable("there is no session bus".into()))
    }
    fn get(&mut self, _: &str) -> Result<Option<SecretString>, SecretError> {
        panic!("a store that fails");
    }
    fn set(&mut self, _: &str, _: &SecretString) -> Result<(), SecretError> {
        Err(SecretError::Locked)
    }
    fn remove(&mut self, _: &str) -> Result<(), SecretError> {
        Ok(())
    }
}

#[tokio::test]
async fn a_password_is_kept_replaced_and_forgotten() {
    let secrets = Secrets::in_memory();
    let profile = Uuid::new_v4();
    assert!(secrets.status().await.available);
    assert!(secrets.get(profile).await.unwrap().is_none());
    secrets.set(profile, &"one".into()).await.unwrap();
    secrets.clone().set(profile, &"two".into()).await.unwrap();
    assert_eq!(secrets.get(profile).await.unwrap().unwrap().expose_secret(), "two");
    assert!(secrets.get(Uuid::new_v4()).await.unwrap().is_none());
    secrets.remove(profile).await.unwrap();
    secrets.remove(profile).await.unwrap();
    assert!(secrets.get(profile).await.unwrap().is_none());
}

#[tokio::test]
async fn a_blocked_keyring_counts_as_locked_until_it_comes_back() {
    let (open, gate) = mpsc::channel();
    let blocking = Blocking { gate, memory: memory::Memory::default() };
    let secrets = Secrets::with_patience(blocking, Duration::from_millis(50));
    let profile = Uuid::new_v4();
    secrets.set(profile, &"kept".into()).await.unwrap();

    assert_eq!(secrets.get(profile).await.unwrap_err().kind(), &ErrorKind::KeyringLocked);
    let before = Instant::now();
    for _ in 0..100 {
        assert_eq!(secrets.get(profile).await.unwrap_err().kind(), &ErrorKind::KeyringLocked);
    }
    assert!(before.elapsed() < Duration::from_millis(50), "nobody queues behind a blocked keyring");
    let status = secrets.status().await;
    assert!(!status.available && status.reason.is_some());

    open.send(()).unwrap();
    open.send(()).unwrap();
    let mut answer = secrets.get(profile).await;
    while answer.is_err() {
        tokio::time::sleep(Duration::from_millis(1)).await;
        answer = secrets.get(profile).await;
    }
    assert_eq!(answer.unwrap().unwrap().expose_secret(), "kept");
    assert!(secrets.status().await.available);
}

#[tokio::test]
async fn a_keyring_that_fails_is_unavailable_and_never_a_panic_of_ours() {
    let secrets = Secrets::with_store(Broken);
    let status = secrets.status().await;
    assert_eq!(status.reason.as_deref(), Some("there is no session bus"));
    assert_eq!(secrets.set(Uuid::new_v4(), &"x".into()).await.unwrap_err().kind(), &ErrorKind::KeyringLocked);
    for _ in 0..2 {
        let error = secrets.get(Uuid::new_v4()).await.unwrap_err();
        assert!(matches!(error.kind(), ErrorKind::KeyringUnavailable { .. }), "{error}");
    }
}
