using RemoteMcp.Configuration;

namespace RemoteMcp.Elicitation;

/// <summary>Options for prompts to the user. Configuration section: <c>RemoteMcp:Elicitation</c>.</summary>
public sealed class ElicitationOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Elicitation";

    /// <summary>
    /// Gets or sets the lifetime of a <c>requestState</c>. If the client sends an answer later, the server refuses it, and the call must be
    /// started again. The value is 1 minute to 24 hours. The default is 15 minutes. The lifetime does not limit clients of revision
    /// 2025-11-25 and earlier, because their call waits for the answer.
    /// </summary>
    public TimeSpan StateLifetime { get; set; } = TimeSpan.FromMinutes(15);
}
