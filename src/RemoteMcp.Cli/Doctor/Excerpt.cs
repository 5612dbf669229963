using RemoteMcp.ToolCalls;

namespace RemoteMcp.Cli.Doctor;

/// <summary>Shortens text from a server, and makes it safe for one line on a terminal.</summary>
internal static class Excerpt
{
    private const int MaxLength = 300;

    /// <summary>Returns about 300 characters on one line. The text cannot move the cursor or change the text direction.</summary>
    public static string Of(string text) => SafeText.Line(text.ReplaceLineEndings(" ").Trim(), MaxLength);
}
