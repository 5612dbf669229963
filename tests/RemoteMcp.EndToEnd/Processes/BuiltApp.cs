using RemoteMcp.Testing;

namespace RemoteMcp.EndToEnd.Processes;

/// <summary>The build output of a Functions app.</summary>
/// <param name="Folder">The folder that contains host.json.</param>
/// <param name="Assembly">The assembly of the app in that folder.</param>
internal sealed record BuiltApp(string Folder, string Assembly)
{
    /// <summary>The app in src/ with the team's tools.</summary>
    public static BuiltApp Team { get; } = Of("src", "RemoteMcp.Functions");

    /// <summary>The same app with the fixtures of the conformance suite.</summary>
    public static BuiltApp Fixtures { get; } = Of("tests", "RemoteMcp.FunctionsConformance");

    private static BuiltApp Of(string folder, string project) => new(
        Path.Combine(
            Repository.Root,
            folder,
            project,
            Programs.Metadata("BuildOutput")),
        project + ".dll");
}
