namespace RemoteMcp.EndToEnd.Processes;

/// <summary>A Functions app as the build left it.</summary>
/// <param name="Folder">The folder with host.json.</param>
/// <param name="Assembly">The app's assembly in that folder.</param>
internal sealed record BuiltApp(string Folder, string Assembly)
{
    /// <summary>The app of src/, with the team's tools.</summary>
    public static BuiltApp Team { get; } = Of("src", "RemoteMcp.Functions");

    /// <summary>The same app with the fixtures of the conformance suite.</summary>
    public static BuiltApp Fixtures { get; } = Of("tests", "RemoteMcp.FunctionsConformance");

    private static BuiltApp Of(string folder, string project) => new(
        Path.Combine(
            Programs.RepositoryFolder,
            folder,
            project,
            Programs.Metadata("BuildOutput")),
        project + ".dll");
}
