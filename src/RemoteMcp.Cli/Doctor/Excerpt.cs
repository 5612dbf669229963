namespace RemoteMcp.Cli.Doctor;

/// <summary>What a server said, fit for a line on a terminal.</summary>
internal static class Excerpt
{
    private const int MaxLength = 300;

    /// <summary>At most 300 characters, none of which can move the cursor or break the line.</summary>
    public static string Of(string text) => string.Concat(text.Take(MaxLength).Select(static c => char.IsControl(c) || char.IsSurrogate(c) ? ' ' : c)).Trim();
}
