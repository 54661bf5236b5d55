/// What can go wrong, with the codes, names and meaning of the H3 v4 interface.
public enum H3Error: UInt32, Error, Hashable, Sendable, CaseIterable {
    case failed = 1
    case domain = 2
    case latLngDomain = 3
    case resolutionDomain = 4
    case cellInvalid = 5
    case directedEdgeInvalid = 6
    case undirectedEdgeInvalid = 7
    case vertexInvalid = 8
    case pentagon = 9
    case duplicateInput = 10
    case notNeighbors = 11
    case resolutionMismatch = 12
    case memoryAllocation = 13
    case memoryBounds = 14
    case optionInvalid = 15
    case indexInvalid = 16
    case baseCellDomain = 17
    case digitDomain = 18
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
    /// One plain clause that says what was wrong.
    public var description: String {
        switch self {
        case .failed: "the operation failed and no closer reason is known"
        case .domain: "an argument is outside its range"
        case .latLngDomain: "a latitude or longitude is not a finite number"
        case .resolutionDomain: "the resolution is outside 0...15"
        case .cellInvalid: "the index is not a valid cell"
        case .directedEdgeInvalid: "the index is not a valid directed edge"
        case .undirectedEdgeInvalid: "the index is not a valid undirected edge"
        case .vertexInvalid: "the index is not a valid vertex"
        case .pentagon: "the distortion of a pentagon lies in the way"
        case .duplicateInput: "the input holds the same cell twice"
        case .notNeighbors: "the cells are not neighbours"
        case .resolutionMismatch: "the resolutions do not fit each other"
        case .memoryAllocation: "memory could not be allocated"
        case .memoryBounds: "the buffer has not the size that is needed"
        case .optionInvalid: "a mode or flag is not valid"
        case .indexInvalid: "the index is not a valid H3 index"
        case .baseCellDomain: "the base cell number is outside 0...121"
        case .digitDomain: "a digit is outside 0...6"
        case .deletedDigit: "the digits name the part that a pentagon does not have"
        }
    }
}
