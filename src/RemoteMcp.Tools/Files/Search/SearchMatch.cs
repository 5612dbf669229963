using System.ComponentModel;

namespace RemoteMcp.Tools.Files.Search;

/// <summary>A line that matches.</summary>
/// <param name="Path">The file.</param>
/// <param name="Line">The line's number.</param>
/// <param name="Column">Where the first match begins.</param>
/// <param name="Text">The line.</param>
internal sealed record SearchMatch(
    [property: Description("The file, relative to the shared folder.")] string Path,
    [property: Description("The line's number, from 1.")] long Line,
    [property: Description("Where the line's first match begins, in UTF-16 characters from 1.")] long Column,
    [property: Description("The line, or the part of a long one around the match, with … where it was cut.")] string Text);
