//! What this browser remembers: IndexedDB, or memory with a banner that says so. The only place that touches either.
//!
//! Two stores of JSON texts by key: `settings` (editor text, theme, pane sizes) and `journal` (jobs). What belongs to one tab and
//! must outlive its reload goes to the tab's session storage.

use std::{cell::RefCell, rc::Rc};

use idb::{Database, DatabaseEvent as _, Error, Factory, ObjectStoreParams, TransactionMode};
use serde::{Serialize, de::DeserializeOwned};
use wasm_bindgen::JsValue;

const NAME: &str = "parallax";
const VERSION: u32 = 1;

/// A store of JSON texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Store {
    /// One value for each setting.
    Settings,
    /// One value for each job, by its key.
    Journal,
}

impl Store {
    fn name(self) -> &'static str {
        match self {
            Store::Settings => "settings",
            Store::Journal => "journal",
        }
    }
}

/// The browser's memory of this page.
#[derive(Clone)]
pub struct Storage {
    database: Option<Rc<Database>>,
    /// Store, key and value, where there is no database.
    memory: Rc<RefCell<Vec<(Store, String, String)>>>,
}

impl Storage {
    /// Opens the database; where the browser refuses, everything is kept in memory until the tab closes.
    pub async fn open() -> Storage {
        let database = match open().await {
            Ok(database) => Some(Rc::new(database)),
            Err(error) => {
                leptos::logging::warn!("This browser keeps nothing for this page: {error}");
                None
            }
        };
        Storage { database, memory: Rc::default() }
    }

    /// Whether what is put here outlives the tab.
    pub fn lasting(&self) -> bool {
        self.database.is_some()
    }

    /// The value of a key. What cannot be read counts as absent.
    pub async fn get<T: DeserializeOwned>(&self, store: Store, key: &str) -> Option<T> {
        let text = match &self.database {
            Some(database) => read(database, store, key).await.ok().flatten()?,
            None => self.memory.borrow().iter().find(|known| known.0 == store && known.1 == key)?.2.clone(),
        };
        serde_json::from_str(&text).ok()
    }

    /// Sets the value of a key. `false`: the browser refused, for example because the disk is full.
    pub async fn put(&self, store: Store, key: &str, value: &impl Serialize) -> bool {
        let Ok(text) = serde_json::to_string(value) else { return false };
        match &self.database {
            Some(database) => write(database, store, key, Some(&text)).await.is_ok(),
            None => {
                self.forget(store, key);
                self.memory.borrow_mut().push((store, key.to_owned(), text));
                true
            }
        }
    }

    /// Forgets a key.
    pub async fn remove(&self, store: Store, key: &str) -> bool {
        match &self.database {
            Some(database) => write(database, store, key, None).await.is_ok(),
            None => self.forget(store, key),
        }
    }

    fn forget(&self, store: Store, key: &str) -> bool {
        let before = self.memory.borrow().len();
        self.memory.borrow_mut().retain(|known| known.0 != store || known.1 != key);
        self.memory.borrow().len() < before
    }

    /// All values of a store; those of a newer version that cannot be read are left alone.
    pub async fn all<T: DeserializeOwned>(&self, store: Store) -> Vec<T> {
        let texts = match &self.database {
            Some(database) => read_all(database, store).await.unwrap_or_default(),
            None => self.memory.borrow().iter().filter(|known| known.0 == store).map(|known| known.2.clone()).collect(),
        };
        texts.iter().filter_map(|text| serde_json::from_str(text).ok()).collect()
    }
}

/// A value of this tab that outlives its reload.
pub fn tab_get(key: &str) -> Option<String> {
    leptos::prelude::window().session_storage().ok().flatten()?.get_item(&format!("{NAME}.{key}")).ok().flatten()
}

/// Sets or forgets a value of this tab. A browser that refuses has no reload to outlive.
pub fn tab_set(key: &str, value: Option<&str>) {
    let Ok(Some(storage)) = leptos::prelude::window().session_storage() else { return };
    let key = format!("{NAME}.{key}");
    let _ = match value {
        Some(value) => storage.set_item(&key, value),
        None => storage.remove_item(&key),
    };
}

async fn open() -> Result<Database, Error> {
    let mut request = Factory::new()?.open(NAME, Some(VERSION))?;
    request.on_upgrade_needed(|event| {
        let Ok(database) = event.database() else { return };
        for store in [Store::Settings, Store::Journal] {
            // A store that is there already is what we want.
            let _ = database.create_object_store(store.name(), ObjectStoreParams::new());
        }
    });
    request.await
}

async fn read(database: &Database, store: Store, key: &str) -> Result<Option<String>, Error> {
    let transaction = database.transaction(&[store.name()], TransactionMode::ReadOnly)?;
    let value = transaction.object_store(store.name())?.get(JsValue::from_str(key))?.await?;
    Ok(value.and_then(|value| value.as_string()))
}

async fn read_all(database: &Database, store: Store) -> Result<Vec<String>, Error> {
    let transaction = database.transaction(&[store.name()], TransactionMode::ReadOnly)?;
    let values = transaction.object_store(store.name())?.get_all(None, None)?.await?;
    Ok(values.iter().filter_map(JsValue::as_string).collect())
}

async fn write(database: &Database, store: Store, key: &str, value: Option<&str>) -> Result<(), Error> {
    let transaction = database.transaction(&[store.name()], TransactionMode::ReadWrite)?;
    let objects = transaction.object_store(store.name())?;
    let key = JsValue::from_str(key);
    match value {
        Some(value) => objects.put(&JsValue::from_str(value), Some(&key))?.await.map(drop)?,
        None => objects.delete(key)?.await?,
    }
    transaction.commit()?.await.map(drop)
}
