using System.ComponentModel;

namespace RemoteMcp.Tools.Files.Search;

/// <summary>A matching line.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Line">The number of the line.</param>
/// <param name="Column">The position of the first match in the line.</param>
/// <param name="Text">The text of the line.</param>
internal sealed record SearchMatch(
    [property: Description("The file, relative to the shared folder.")] string Path,
    [property: Description("The line's number, starting at 1.")] long Line,
    [property: Description("The position of the first match in the line, in UTF-16 characters, starting at 1.")] long Column,
    [property: Description("The line. A long line is cut to the part around the match, with … where it was cut.")] string Text);
