// The texts of this file are taken from uber/h3 v4.5.0:
// Copyright 2016-2021 Uber Technologies, Inc., licensed under the Apache License, Version 2.0 (see NOTICE).

/// The errors, with the codes, names and meaning of the H3 v4 interface.
public enum H3Error: UInt32, Error, Hashable, Sendable, CaseIterable {
    /// The operation failed for an unknown reason.
    case failed = 1
    /// An argument is outside its range.
    case domain = 2
    /// A latitude or longitude is not a finite number.
    case latLngDomain = 3
    /// A number is outside 0...15, or a resolution outside those that have an answer.
    case resolutionDomain = 4
    /// An index is not that of a cell.
    case cellInvalid = 5
    /// An index is not that of a directed edge.
    case directedEdgeInvalid = 6
    /// An index is not that of an undirected edge. No function here has such an argument.
    case undirectedEdgeInvalid = 7
    /// An index is not that of a vertex.
    case vertexInvalid = 8
    /// The gap of a pentagon is in the way.
    case pentagon = 9
    /// A cell occurs twice.
    case duplicateInput = 10
    /// Two cells share no edge.
    case notNeighbors = 11
    /// The resolutions do not fit together.
    case resolutionMismatch = 12
    /// The result has more elements than an array here may hold, 2^28.
    case memoryAllocation = 13
    /// A buffer does not have the needed size.
    case memoryBounds = 14
    /// A mode or flag does not exist. No function here throws it, because a `ContainmentMode` always exists.
    case optionInvalid = 15
    /// An index is not that of a cell, directed edge or vertex.
    case indexInvalid = 16
    /// A base cell number is outside 0...121.
    case baseCellDomain = 17
    /// A digit is outside 0...6, or there are too few or too many.
    case digitDomain = 18
    /// Digits name the sector of a base cell that its pentagon does not have.
    case deletedDigit = 19

    /// The name of the code in the C interface, for example `E_RES_DOMAIN`.
    public var name: String {
        switch self {
        case .failed: "E_FAILED"
        case .domain: "E_DOMAIN"
        case .latLngDomain: "E_LATLNG_DOMAIN"
        case .resolutionDomain: "E_RES_DOMAIN"
        case .cellInvalid: "E_CELL_INVALID"
        case .directedEdgeInvalid: "E_DIR_EDGE_INVALID"
        case .undirectedEdgeInvalid: "E_UNDIR_EDGE_INVALID"
        case .vertexInvalid: "E_VERTEX_INVALID"
        case .pentagon: "E_PENTAGON"
        case .duplicateInput: "E_DUPLICATE_INPUT"
        case .notNeighbors: "E_NOT_NEIGHBORS"
        case .resolutionMismatch: "E_RES_MISMATCH"
        case .memoryAllocation: "E_MEMORY_ALLOC"
        case .memoryBounds: "E_MEMORY_BOUNDS"
        case .optionInvalid: "E_OPTION_INVALID"
        case .indexInvalid: "E_INDEX_INVALID"
        case .baseCellDomain: "E_BASE_CELL_DOMAIN"
        case .digitDomain: "E_DIGIT_DOMAIN"
        case .deletedDigit: "E_DELETED_DIGIT"
        }
    }
}

extension H3Error: CustomStringConvertible {
    /// The description of C's `describeH3Error`.
    public var description: String {
        switch self {
        case .failed: "The operation failed but a more specific error is not available"
        case .domain: "Argument was outside of acceptable range"
        case .latLngDomain: "Latitude or longitude arguments were outside of acceptable range"
        case .resolutionDomain: "Resolution argument was outside of acceptable range"
        case .cellInvalid: "Cell argument was not valid"
        case .directedEdgeInvalid: "Directed edge argument was not valid"
        case .undirectedEdgeInvalid: "Undirected edge argument was not valid"
        case .vertexInvalid: "Vertex argument was not valid"
        case .pentagon: "Pentagon distortion was encountered"
        case .duplicateInput: "Duplicate input"
        case .notNeighbors: "Cell arguments were not neighbors"
        case .resolutionMismatch: "Cell arguments had incompatible resolutions"
        case .memoryAllocation: "Memory allocation failed"
        case .memoryBounds: "Bounds of provided memory were insufficient"
        case .optionInvalid: "Mode or flags argument was not valid"
        case .indexInvalid: "Index argument was not valid"
        case .baseCellDomain: "Base cell number was outside of acceptable range"
        case .digitDomain: "Child digits invalid"
        case .deletedDigit: "Deleted subsequence indicates invalid index"
        }
    }

    /// The description for a code of the C interface: that of the error, `Success` for 0, `Invalid error code`
    /// otherwise.
    public static func description(ofCode code: UInt32) -> String {
        code == 0 ? "Success" : H3Error(rawValue: code)?.description ?? "Invalid error code"
    }
}
