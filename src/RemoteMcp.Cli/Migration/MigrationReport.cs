using RemoteMcp.Clients;
using RemoteMcp.ToolCalls;
using RemoteMcp.Tools.Advice;

namespace RemoteMcp.Cli.Migration;

/// <summary>Writes the report about a file, its servers, and their moves. All text from a file is made safe for a terminal.</summary>
internal sealed class MigrationReport(TextWriter output)
{
    private const int MaxCommand = 160;
    private const int MaxNames = 20;

    /// <summary>Writes the servers of a file: which servers are local, which could be remote, and why.</summary>
    public void Servers(ClientConfiguration file)
    {
        output.WriteLine($"{SafeText.Line(file.Path, MaxCommand)} ({file.Client.DisplayName})");
        foreach (var server in file.Servers)
        {
            var where = server.Section.Count > 1 ? $", in {SafeText.Quote(string.Join('.', server.Section.SkipLast(1)))}" : "";
            output.WriteLine($"  {Kind(server),-8}{SafeText.Quote(server.Name)}{where}: {Describe(server)}");
            foreach (var line in Explain(server))
            {
                output.WriteLine($"          {line}");
            }
        }

        if (file.Servers.Count == 0)
        {
            output.WriteLine("  no servers");
        }

        foreach (var note in file.Notes)
        {
            output.WriteLine($"  note: {SafeText.Line(note, MaxCommand * 2)}");
        }

        output.WriteLine();
    }

    /// <summary>Writes a move: the diff, and what to do with the variables, inputs, and secrets of the old entry.</summary>
    public void Move(ClientConfiguration file, Move move)
    {
        output.WriteLine($"@@ {SafeText.Quote(move.Server.Name)} in {SafeText.Line(file.Path, MaxCommand)}");
        foreach (var line in EntryDiff.Lines(move))
        {
            output.WriteLine(line);
        }

        if (move.Server.Kind == ServerKind.Local && Assessment.Of(move.Server).Advice is { Deployment: Deployment.Local } advice)
        {
            var needs = advice.Reasons.Where(reason => reason.Decisive).Select(reason => NeedNames.Of(reason.Need));
            output.WriteLine(
                $"  This server should stay local ({string.Join(", ", needs)}). A server at that URL cannot access this machine.");
        }

        foreach (var name in move.Server.Environment)
        {
            output.WriteLine($"  {SafeText.Quote(name)} is no longer set on this machine. "
                + "If the server needs it, the people who run the server set it there "
                + "(an app setting, a Key Vault reference for a secret, or better a managed identity). "
                + "If you used it to sign in, the client now signs you in instead. Revoke secrets that are no longer needed.");
        }

        foreach (var input in move.Server.Inputs)
        {
            output.WriteLine($"  This entry no longer uses the input {SafeText.Quote(input)}. "
                + "Remove the input from the file if nothing else uses it.");
        }

        if (SecretText.Redact(move.Server.Launch!.Arguments).Any(each => each.Redacted))
        {
            output.WriteLine("  The arguments seem to contain a secret, which is hidden in this output. "
                + "The secret now belongs on the server. "
                + "The backup still contains the secret, so revoke it or delete the backup.");
        }

        string[] others = [.. move.Dropped.Except(["command", "args", "env", "type"])];
        if (others.Length > 0)
        {
            var shown = others.Take(MaxNames).Select(SafeText.Quote);
            output.WriteLine($"  Removed settings that only local servers use: {string.Join(", ", shown)}"
                + $"{(others.Length > MaxNames ? $", and {others.Length - MaxNames} others" : "")}.");
        }

        output.WriteLine();
    }

    /// <summary>Writes which file was changed, and how to undo the change.</summary>
    public void Written(ClientConfiguration file, string backup)
    {
        output.WriteLine($"Wrote {SafeText.Line(file.Path, MaxCommand)}. Nothing outside the moved entries changed.");
        output.WriteLine(
            $"Undo: {SafeText.Line(Shell.Join([OperatingSystem.IsWindows() ? "copy" : "cp", backup, file.Path]), MaxCommand * 3)}");
        output.WriteLine(SafeText.Line(file.Client.NextStep(file.Path), MaxCommand * 3));
    }

    /// <summary>Returns the command or URL of a server, without secrets.</summary>
    public static string Describe(ConfiguredServer server) => SafeText.Line(server.Kind switch
    {
        ServerKind.Remote or ServerKind.Proxied => SecretText.Redact(server.Url!.AbsoluteUri),
        ServerKind.Local =>
            string.Join(' ', SecretText.Redact([server.Launch!.Command, .. server.Launch.Arguments]).Select(each => each.Text)),
        _ => server.Problem!,
    }, MaxCommand);

    private static string Kind(ConfiguredServer server) => server.Kind.ToString().ToLowerInvariant();

    private static IEnumerable<string> Explain(ConfiguredServer server)
    {
        if (server.Kind != ServerKind.Local)
        {
            yield break;
        }

        var assessment = Assessment.Of(server);
        yield return assessment.Advice switch
        {
            null when assessment.IsKnown => "could be anywhere: it needs nothing from this machine",
            null => "not known to this program: use remote-mcp advise to decide where to run it",
            { Deployment: Deployment.Local } => "stays local",
            { Deployment: Deployment.Remote } => assessment.IsKnown ? "could be remote" : "could probably be remote",
            _ => "part of it could be remote, next to a local server",
        };
        foreach (var reason in (assessment.Advice?.Reasons ?? []).Where(reason => reason.Decisive))
        {
            yield return $"- {NeedNames.Of(reason.Need)}: {reason.Why}";
        }

        foreach (var hint in assessment.Hints)
        {
            yield return $"- {hint}";
        }

        if (assessment.HostedUrl is { } hosted)
        {
            yield return $"- its vendor hosts it at {hosted}";
        }
    }
}
