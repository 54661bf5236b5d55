/// How the risks of a run become scores from 0 to 100.
package enum Normalization: String, CaseIterable, Sendable {
    /// 100 (risk - min) / (max - min) over the rows of the run; all 0 when max = min.
    case minmax
    /// The percentage of the run's other rows with a lower risk (`percent_rank` in SQL); 0 for a single row. Risks are
    /// compared to nine decimals, so that equal ones rank alike whatever the rounding of their sums.
    case percentile
}
