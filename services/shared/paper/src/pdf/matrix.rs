//! Transformations of the plane (ISO 32000-2 §8.3.3).

/// `a b c d e f`, as PDF writes them: a point is a row before the matrix.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Matrix(pub(super) [f64; 6]);

impl Matrix {
    pub(super) const IDENTITY: Self = Self([1.0, 0.0, 0.0, 1.0, 0.0, 0.0]);

    pub(super) fn shift(x: f64, y: f64) -> Self {
        Self([1.0, 0.0, 0.0, 1.0, x, y])
    }

    /// This one first, then the other.
    pub(super) fn then(self, other: Self) -> Self {
        let Self([xx, xy, yx, yy, right, up]) = self;
        let (origin, x, y) = (other.point(right, up), other.step(xx, xy), other.step(yx, yy));
        Self([x.0, x.1, y.0, y.1, origin.0, origin.1])
    }

    pub(super) fn point(self, x: f64, y: f64) -> (f64, f64) {
        let Self([.., right, up]) = self;
        let (across, upwards) = self.step(x, y);
        (across + right, upwards + up)
    }

    /// A step, wherever it begins.
    fn step(self, x: f64, y: f64) -> (f64, f64) {
        let Self([xx, xy, yx, yy, ..]) = self;
        (x * xx + y * yx, x * xy + y * yy)
    }

    /// How long a step of one upwards becomes.
    pub(super) fn height(self) -> f64 {
        let (across, upwards) = self.step(0.0, 1.0);
        across.hypot(upwards)
    }

    /// Whether all numbers are usable: a damaged file makes them infinite.
    pub(super) fn is_sound(self) -> bool {
        self.0.iter().all(|number| number.abs() < 1e9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_comes_first() {
        let double = Matrix([2.0, 0.0, 0.0, 2.0, 0.0, 0.0]);
        assert_eq!(Matrix::shift(1.0, 0.0).then(double).point(1.0, 1.0), (4.0, 2.0));
        assert_eq!(double.then(Matrix::shift(1.0, 0.0)).point(1.0, 1.0), (3.0, 2.0));
        assert!((double.height() - 2.0).abs() < 1e-9 && !Matrix([f64::NAN; 6]).is_sound());
    }
}
