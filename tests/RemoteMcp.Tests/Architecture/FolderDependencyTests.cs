using System.Reflection;
using NetArchTest.Rules;
using RemoteMcp.Testing;
using RemoteMcp.Tools;
using Xunit;

namespace RemoteMcp.Tests.Architecture;

/// <summary>Tests that the folders of src/ depend on each other only as <see cref="FolderRules"/> allows.</summary>
public sealed class FolderDependencyTests
{
    private static readonly Assembly[] s_assemblies =
        [typeof(RemoteMcpServices).Assembly, typeof(TeamTools).Assembly, typeof(global::RemoteMcp.Cli.Commands.ServeCommand).Assembly];

    // The types that compose the server use every folder. Only hosts use them.
    private static readonly string[] s_composition =
    [
        .. new[] { typeof(RequestPipeline), typeof(ToolPipeline), typeof(RemoteMcpServices), typeof(TeamTools) }
            .Select(static type => type.FullName!),
    ];

    private static readonly string[] s_hosts = ["RemoteMcp.Cli/Hosting", "RemoteMcp.Cli/Commands"];

    public static TheoryData<string> Folders => new(FolderRules.MayUse.Keys);

    [Theory, MemberData(nameof(Folders))]
    public void Folder_uses_only_the_folders_that_the_table_allows(string folder)
    {
        string[] forbidden =
        [
            .. FolderRules.MayUse.Keys.Except([folder, .. FolderRules.MayUse[folder]]).Select(Namespace),
            .. s_hosts.Contains(folder) ? [] : s_composition,
        ];

        var result = Types.InAssemblies(s_assemblies)
            .That().ResideInNamespace(Namespace(folder))
            .ShouldNot().HaveDependencyOnAny(forbidden)
            .GetResult();

        var failing = string.Join(", ", result.FailingTypeNames ?? []);
        Assert.True(result.IsSuccessful, $"These types in {folder} use a folder that {folder} must not use: {failing}");
    }

    [Fact]
    public void Table_has_every_folder()
    {
        var namespaces = FolderRules.MayUse.Keys.Select(Namespace).ToArray();

        var missing = s_assemblies.SelectMany(static assembly => assembly.GetTypes())
            .Where(static type => type.Namespace is { } name && name.StartsWith("RemoteMcp.", StringComparison.Ordinal))
            .Where(static type => type.Namespace != "RemoteMcp.Tools")
            .Where(type => !namespaces.Any(each => $"{type.Namespace}.".StartsWith(each + ".", StringComparison.Ordinal)))
            .Select(static type => type.FullName);

        Assert.Empty(missing);
    }

    [Fact]
    public void Table_has_no_cycle()
    {
        Assert.All(FolderRules.MayUse.Keys, static folder => Assert.DoesNotContain(folder, Reachable(folder)));

        static HashSet<string> Reachable(string folder)
        {
            var reachable = new HashSet<string>();
            var next = new Stack<string>(FolderRules.MayUse[folder]);
            while (next.TryPop(out var each))
            {
                if (reachable.Add(each))
                {
                    Array.ForEach(FolderRules.MayUse[each], next.Push);
                }
            }

            return reachable;
        }
    }

    [Fact]
    public void Architecture_document_shows_the_table()
    {
        var document = File.ReadAllLines(Repository.PathOf("docs/architecture.md"));

        Assert.All(FolderRules.Rows, row => Assert.Contains(
            document,
            line => line.StartsWith($"| `src/{row.Key}` |", StringComparison.Ordinal)
                && line.EndsWith($"| {MayUseCell(row)} |", StringComparison.Ordinal)));
    }

    private static string MayUseCell(KeyValuePair<string, string[]> row) => row.Value.Length == 0 ? "–"
        : row.Key == FolderRules.AnyFamily ? "see below"
        : string.Join(", ", row.Value.Select(static folder => folder.StartsWith("RemoteMcp/", StringComparison.Ordinal)
            ? folder["RemoteMcp/".Length..]
            : folder["RemoteMcp.".Length..]));

    private static string Namespace(string folder) => folder.Replace('/', '.');
}
