//! Indexes that were never finished, as `create index concurrently` leaves them behind: they serve nobody, and making them again
//! may fail for the reason for which they failed.

use super::object::{ObjectId, ObjectKind, Property, Shape};

impl Shape {
    /// Takes them out, and returns them: `pg_dump` leaves them out too. That of a partitioned table lacks that of a partition;
    /// it stays, as one that is finished.
    pub(crate) fn take_unfinished_indexes(&mut self) -> Vec<ObjectId> {
        let partitioned = |id: &ObjectId| {
            let table = ObjectId {
                kind: ObjectKind::Table,
                parent: None,
                name: id.parent.clone().unwrap_or_default(),
                arguments: None,
            };
            self.objects.get(&table).is_some_and(|table| table.get(Property::PartitionKey).is_some())
        };
        let unfinished = self.objects.values().filter(|object| object.get(Property::Validity).is_some());
        let (stay, taken): (Vec<ObjectId>, Vec<ObjectId>) =
            unfinished.map(|object| object.id.clone()).partition(|id| partitioned(id));
        for id in &stay {
            if let Some(object) = self.objects.get_mut(id) {
                object.properties.remove(&Property::Validity);
            }
        }
        for object in self.inherited.values_mut() {
            object.properties.remove(&Property::Validity);
        }
        self.objects.retain(|id, _| !taken.contains(id));
        self.needs.retain(|(one, other)| !taken.contains(one) && !taken.contains(other));
        taken
    }
}
