using System.Text.Encodings.Web;
using System.Text.Json;
using RemoteMcp.ToolCalls;
using RemoteMcp.Tools.Advice;

namespace RemoteMcp.Cli.Migration;

/// <summary>Represents the output of <c>--json</c>. It contains the same information as the report, for scripts.</summary>
internal sealed record MigrationJson(IReadOnlyList<FileJson> Files, IReadOnlyList<MoveJson> Moves, bool Written, string? Backup)
{
    // The encoder escapes all characters that are not ASCII, so that a name cannot send control sequences to a terminal.
    private static readonly JsonSerializerOptions s_json =
        new(ToolResult.Json) { WriteIndented = true, Encoder = JavaScriptEncoder.Default };

    /// <summary>Returns the JSON text.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, s_json);
}

/// <summary>Represents a file and its servers.</summary>
internal sealed record FileJson(string Path, string Client, IReadOnlyList<ServerJson> Servers, IReadOnlyList<string> Notes)
{
    public static FileJson Of(ClientConfiguration file) =>
        new(file.Path, file.Client.Id, [.. file.Servers.Select(ServerJson.Of)], file.Notes);
}

/// <summary>Represents a server: how a client reaches it, and whether it could be remote.</summary>
internal sealed record ServerJson(
    IReadOnlyList<string> Section,
    string Name,
    string Kind,
    string Description,
    IReadOnlyList<string> Environment,
    bool IsRemoteCandidate,
    Recommendation? Advice,
    string? Hosted)
{
    public static ServerJson Of(ConfiguredServer server)
    {
        var assessment = server.Kind == ServerKind.Local ? Assessment.Of(server) : null;
        return new(
            server.Section, server.Name, server.Kind.ToString().ToLowerInvariant(), MigrationReport.Describe(server), server.Environment,
            assessment?.IsRemoteCandidate ?? false, assessment?.Advice, assessment?.HostedUrl);
    }
}

/// <summary>Represents a completed or planned move.</summary>
internal sealed record MoveJson(
    string Path,
    IReadOnlyList<string> Section,
    string Name,
    string Url,
    IReadOnlyList<string> Dropped,
    IReadOnlyList<string> Environment,
    IReadOnlyList<string> Inputs)
{
    public static MoveJson Of(ClientConfiguration file, Move move) =>
        new(
            file.Path,
            move.Server.Section,
            move.Server.Name,
            move.Url.AbsoluteUri,
            move.Dropped,
            move.Server.Environment,
            move.Server.Inputs);
}
