namespace RemoteMcp.Tools.Advice;

/// <summary>Returns the commands that implement a decision.</summary>
internal static class NextSteps
{
    private static readonly AdviceStep TryOut = new("Try the tools by URL on this machine before you deploy anything", "remote-mcp serve");
    private static readonly AdviceStep Stdio = new(
        "Let a client start the server itself (also for claude-code, claude-desktop, and cursor)", "remote-mcp config --client vscode --stdio --write");
    private static readonly AdviceStep Move = new(
        "See which of your clients' servers are local, and which of them could be remote", "remote-mcp migrate");
    private static readonly AdviceStep Check = new("Check the server as a client would", "remote-mcp doctor https://YOUR-SERVER/mcp");
    private static readonly AdviceStep Connect = new(
        "Add the server's URL to a client", "remote-mcp config --client vscode --url https://YOUR-SERVER/mcp --write");

    /// <summary>Returns the steps, in order.</summary>
    public static IReadOnlyList<AdviceStep> For(Deployment deployment) => deployment switch
    {
        Deployment.Local => [Stdio],
        Deployment.Remote => [TryOut, Check, Connect, Move],
        _ => [Stdio, TryOut, Check, Move],
    };
}
