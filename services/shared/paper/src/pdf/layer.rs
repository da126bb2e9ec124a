//! Layers that are switched off (optional content, ISO 32000-2 §8.11).

use std::collections::HashSet;

use hayro_syntax::Pdf;
use hayro_syntax::object::{Array, Dict, MaybeRef, Name, ObjRef, Object};

/// Which layers a reader does not show at first.
#[derive(Default)]
pub(super) struct Layers {
    off: HashSet<(u32, i32)>,
    on: HashSet<(u32, i32)>,
    /// Whether layers are off unless they are named as on.
    all_off: bool,
}

impl Layers {
    pub(super) fn of(pdf: &Pdf) -> Self {
        let root = pdf.xref().get::<Dict<'_>>(pdf.xref().root_id());
        let usual = root
            .and_then(|root| root.get::<Dict<'_>>("OCProperties"))
            .and_then(|properties| properties.get::<Dict<'_>>("D"));
        let Some(usual) = usual else { return Self::default() };
        let list =
            |key| usual.get::<Array<'_>>(key).map(|array| references(&array)).unwrap_or_default();
        Self {
            off: list("OFF"),
            on: list("ON"),
            all_off: usual.get::<Name<'_>>("BaseState").as_deref() == Some(b"OFF"),
        }
    }

    /// Whether what a dictionary belongs to is not shown.
    pub(super) fn hides(&self, dict: &Dict<'_>) -> bool {
        dict.get::<Dict<'_>>("OC").is_some_and(|layer| self.is_off(&layer, dict.get_ref("OC")))
    }

    /// Whether a layer, or a membership in layers, is off. A membership is taken as off where
    /// none of its layers is on, the usual policy.
    pub(super) fn is_off(&self, layer: &Dict<'_>, id: Option<ObjRef>) -> bool {
        if layer.get::<Name<'_>>("Type").as_deref() == Some(b"OCMD") {
            let groups = match layer.get::<Object<'_>>("OCGs") {
                Some(Object::Array(groups)) => references(&groups),
                _ => layer.get_ref("OCGs").map(key).into_iter().collect(),
            };
            return !groups.is_empty() && groups.iter().all(|group| self.one_is_off(*group));
        }
        let id = id.map(key).or(layer.obj_id().map(|id| (id.obj_number, id.gen_number)));
        id.is_some_and(|id| self.one_is_off(id))
    }

    fn one_is_off(&self, id: (u32, i32)) -> bool {
        self.off.contains(&id) || (self.all_off && !self.on.contains(&id))
    }
}

fn key(id: ObjRef) -> (u32, i32) {
    (id.obj_number, id.gen_number)
}

fn references(array: &Array<'_>) -> HashSet<(u32, i32)> {
    let reference = |item: MaybeRef<Object<'_>>| item.as_obj_ref().map(key);
    array.raw_iter().filter_map(reference).collect()
}
