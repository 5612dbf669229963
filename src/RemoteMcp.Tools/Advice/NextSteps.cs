namespace RemoteMcp.Tools.Advice;

/// <summary>Returns the commands that implement a decision.</summary>
internal static class NextSteps
{
    private static readonly AdviceStep s_tryOut = new(
        "Try the tools by URL on this machine before you deploy anything", "remote-mcp serve");
    private static readonly AdviceStep s_stdio = new(
        "Let a client start the server itself (also for claude-code, claude-desktop, and cursor)",
        "remote-mcp config --client vscode --stdio --write");
    private static readonly AdviceStep s_move = new(
        "See which of your clients' servers are local, and which of them could be remote", "remote-mcp migrate");
    private static readonly AdviceStep s_check = new("Check the server as a client would", "remote-mcp doctor https://YOUR-SERVER/mcp");
    private static readonly AdviceStep s_connect = new(
        "Add the server's URL to a client", "remote-mcp config --client vscode --url https://YOUR-SERVER/mcp --write");

    /// <summary>Returns the steps, in order.</summary>
    public static IReadOnlyList<AdviceStep> For(Deployment deployment) => deployment switch
    {
        Deployment.Local => [s_stdio],
        Deployment.Remote => [s_tryOut, s_check, s_connect, s_move],
        _ => [s_stdio, s_tryOut, s_check, s_move],
    };
}
