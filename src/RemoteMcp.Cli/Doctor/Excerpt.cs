using RemoteMcp.Tools.Shared;

namespace RemoteMcp.Cli.Doctor;

/// <summary>What a server said, fit for a line on a terminal.</summary>
internal static class Excerpt
{
    private const int MaxLength = 300;

    /// <summary>About 300 characters on one line, none of which can move the cursor or turn the direction of reading.</summary>
    public static string Of(string text) => SafeText.Line(text.ReplaceLineEndings(" ").Trim(), MaxLength);
}
