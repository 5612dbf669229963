namespace RemoteMcp.Configuration;

/// <summary>Options for the server over standard input and output. Section <c>RemoteMcp:Stdio</c>.</summary>
public sealed class StdioOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Stdio";

    /// <summary>
    /// Gets or sets how long running requests may continue after the end of the input; 0 to 10 minutes. The default is 30 s. A request that
    /// has not finished by then gets an error. The process ends as soon as every request has its response.
    /// </summary>
    public TimeSpan EndOfInputGrace { get; set; } = TimeSpan.FromSeconds(30);
}
