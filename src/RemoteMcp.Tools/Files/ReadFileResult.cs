using System.ComponentModel;

namespace RemoteMcp.Tools.Files;

/// <summary>The structured result of the <c>read_file</c> tool.</summary>
internal sealed record ReadFileResult(
    [property: Description("The file, relative to the shared folder.")] string Path,
    [property: Description("The lines, line breaks included, exactly as they are except for escapes.")] string Content,
    [property: Description("Whether the file has more lines, or more of a line, than this result: text that did not fit, or lines "
        + "that follow.")] bool Truncated,
    [property: Description("The encoding of the file, as far as it was read. unknown-8bit: it cannot be determined, and write_file "
        + "refuses the file.")] string Encoding,
    [property: Description("The size of the whole file in bytes.")] long Size)
{
    /// <summary>Gets whether the file starts with a byte order mark.</summary>
    [Description("True if a byte order mark precedes the text. It is not part of content.")]
    public bool? ByteOrderMark { get; init; }

    /// <summary>Gets the number of escapes in the content.</summary>
    [Description("How many invisible characters content shows as escapes such as \\u202E, \\U000E0041 and \\xE9 (a byte that is not "
        + "text). The file contains the characters, not the escapes. Absent if there are none.")]
    public int? Escapes { get; init; }

    /// <summary>Gets the number of the first line.</summary>
    [Description("The number of the first line, starting at 1. Absent if only the end of a large file was read, or if there are no lines.")]
    public long? StartLine { get; init; }

    /// <summary>Gets the number of the last line.</summary>
    [Description("The number of the last line.")]
    public long? EndLine { get; init; }

    /// <summary>Gets the number of lines of the file.</summary>
    [Description("The number of lines in the file. Absent if the end was not reached.")]
    public long? TotalLines { get; init; }

    /// <summary>Gets the offset of the next call.</summary>
    [Description("The offset for the next call.")]
    public long? NextOffset { get; init; }

    /// <summary>Gets the column of the next call.</summary>
    [Description("The column for the next call, to read the rest of a line that did not fit. Absent if the next call starts a line.")]
    public long? NextColumn { get; init; }

    /// <summary>Gets the time of the last write.</summary>
    [Description("When the file was last written.")]
    public DateTimeOffset? Modified { get; init; }

    /// <summary>Gets the ETag of the file.</summary>
    [Description("Changes when the file's content changes. Two results with the same etag are of the same version.")]
    public string? Etag { get; init; }
}
