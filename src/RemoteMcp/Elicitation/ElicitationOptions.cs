using RemoteMcp.Configuration;

namespace RemoteMcp.Elicitation;

/// <summary>Options for prompts to the user. Configuration section: <c>RemoteMcp:Elicitation</c>.</summary>
public sealed class ElicitationOptions
{
    /// <summary>The name of the configuration section.</summary>
    public const string Section = RemoteMcpOptions.Section + ":Elicitation";

    /// <summary>
    /// Gets or sets the lifetime of a <c>requestState</c>. If the client sends an answer later, the server refuses it, and the call must be
    /// started again. The value is 1 minute to 24 hours. The default is 15 minutes. <see cref="AnswerTimeout"/> is the limit for clients
    /// of revision 2025-11-25 and earlier.
    /// </summary>
    public TimeSpan StateLifetime { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Gets or sets how long a call waits for the answer to one question, for clients of revision 2025-11-25 and earlier. The call then
    /// ends with an error that asks the client to call again. The value is 1 minute to 24 hours. The default is 15 minutes.
    /// </summary>
    public TimeSpan AnswerTimeout { get; set; } = TimeSpan.FromMinutes(15);
}
