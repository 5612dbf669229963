using System.ComponentModel;

namespace RemoteMcp.Tools.Files.Search;

/// <summary>A matching line.</summary>
/// <param name="Path">The path of the file.</param>
/// <param name="Line">The number of the line.</param>
/// <param name="Column">The position of the first match in the line.</param>
/// <param name="Text">The text of the line.</param>
internal sealed record SearchMatch(
    [property: Description("The file, relative to the shared folder.")] string Path,
    [property: Description("The line's number, from 1.")] long Line,
    [property: Description("Where the line's first match begins, in UTF-16 characters from 1.")] long Column,
    [property: Description("The line, or the part of a long one around the match, with … where it was cut.")] string Text);
