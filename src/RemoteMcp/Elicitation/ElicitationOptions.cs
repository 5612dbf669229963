using RemoteMcp.Configuration;

namespace RemoteMcp.Elicitation;

/// <summary>How tools ask the user. Section <c>RemoteMcp:Elicitation</c>.</summary>
public sealed class ElicitationOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Elicitation";

    /// <summary>
    /// How long a client may take to come back with an answer before its <c>requestState</c> is refused and the call has to be started
    /// again; 1 minute to 24 h, 15 minutes by default. Sessions have no such limit: their call waits for the answer.
    /// </summary>
    public TimeSpan StateLifetime { get; set; } = TimeSpan.FromMinutes(15);
}
