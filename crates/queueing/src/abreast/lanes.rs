//! Numbers of all lanes as one array, and rows of such numbers.

use pulp::Simd;

/// The lanes of a vector as an array.
#[inline(always)]
pub(super) fn each<S: Simd>(vector: &S::i32s) -> &[i32] {
    bytemuck::cast_slice(std::slice::from_ref(vector))
}

/// The same, to be written.
#[inline(always)]
pub(super) fn each_mut<S: Simd>(vector: &mut S::i32s) -> &mut [i32] {
    bytemuck::cast_slice_mut(std::slice::from_mut(vector))
}

/// The rows of an array, a vector each.
#[inline(always)]
pub(super) fn rows<S: Simd>(numbers: &[i32]) -> &[S::i32s] {
    S::as_simd_i32s(numbers).0
}

/// The rows of an array, to be written.
#[inline(always)]
pub(super) fn rows_mut<S: Simd>(numbers: &mut [i32]) -> &mut [S::i32s] {
    S::as_mut_simd_i32s(numbers).0
}

/// All bits set where the mask says so, none elsewhere.
#[inline(always)]
pub(super) fn bits<S: Simd>(simd: S, mask: S::m32s) -> S::u32s {
    simd.select_u32s(mask, simd.splat_u32s(u32::MAX), simd.splat_u32s(0))
}

/// Whether any bit is set in any lane.
#[inline(always)]
pub(super) fn any<S: Simd>(bits: &S::u32s) -> bool {
    bytemuck::cast_slice::<S::u32s, u32>(std::slice::from_ref(bits)).iter().fold(0, |any, &bits| any | bits)
        != 0
}

/// What stands at these places of an array.
#[inline(always)]
pub(super) fn gather<T: Copy>(from: &[T], places: &[i32], out: &mut [T]) {
    let (several, rest) = places.as_chunks::<8>();
    let (out, out_of_rest) = out[..places.len()].as_chunks_mut::<8>();
    for (places, out) in several.iter().zip(out) {
        *out = places.map(|place| from[place as usize]);
    }
    for (&place, out) in rest.iter().zip(out_of_rest) {
        *out = from[place as usize];
    }
}

/// 0, 1, 2 … in the lanes.
#[inline(always)]
pub(super) fn numbered<S: Simd>(simd: S) -> S::i32s {
    let mut lanes = simd.splat_i32s(0);
    for (number, lane) in (0..).zip(each_mut::<S>(&mut lanes)) {
        *lane = number;
    }
    lanes
}

/// So many numbers may be added to a [`Sum`] between two flushes.
pub(super) const ROWS_A_SUM: usize = 1 << 15;

/// A sum in each lane, of at most [`ROWS_A_SUM`] numbers that are not negative: their two halves are added up apart.
#[derive(Clone, Copy)]
pub(super) struct Sum<S: Simd> {
    low: S::i32s,
    high: S::i32s,
}

impl<S: Simd> Sum<S> {
    #[inline(always)]
    pub(super) fn new(simd: S) -> Sum<S> {
        Sum { low: simd.splat_i32s(0), high: simd.splat_i32s(0) }
    }

    #[inline(always)]
    pub(super) fn add(&mut self, simd: S, numbers: S::i32s) {
        let numbers = simd.transmute_u32s_i32s(numbers);
        let low = simd.and_u32s(numbers, simd.splat_u32s(0xffff));
        let high = simd.wrapping_dyn_shr_u32s(numbers, simd.splat_u32s(16));
        self.low = simd.add_i32s(self.low, simd.transmute_i32s_u32s(low));
        self.high = simd.add_i32s(self.high, simd.transmute_i32s_u32s(high));
    }

    /// Adds the sums to totals.
    #[inline(always)]
    pub(super) fn add_to(&self, totals: &mut [i64]) {
        let halves = each::<S>(&self.low).iter().zip(each::<S>(&self.high));
        for (total, (&low, &high)) in totals.iter_mut().zip(halves) {
            *total += i64::from(low as u32) + (i64::from(high as u32) << 16);
        }
    }

    /// The same, and begins anew.
    #[inline(always)]
    pub(super) fn flush(&mut self, simd: S, totals: &mut [i64]) {
        self.add_to(totals);
        *self = Sum::new(simd);
    }
}
