using System.Reflection;
using NetArchTest.Rules;
using RemoteMcp.Testing;
using RemoteMcp.Tools;
using Xunit;

namespace RemoteMcp.Tests.Architecture;

/// <summary>Tests that the folders of the server and of the tools depend on each other only as <see cref="FolderRules"/> allows.</summary>
public sealed class FolderDependencyTests
{
    private static readonly Assembly[] s_assemblies = [typeof(RemoteMcpServices).Assembly, typeof(TeamTools).Assembly];

    public static TheoryData<string> Folders => new(FolderRules.MayUse.Keys);

    [Theory, MemberData(nameof(Folders))]
    public void Folder_uses_only_the_folders_that_the_table_allows(string folder)
    {
        string[] forbidden =
        [
            .. FolderRules.MayUse.Keys.Except([folder, .. FolderRules.MayUse[folder]]).Select(Namespace),
            // These types compose the server and use every folder.
            typeof(RequestPipeline).FullName!, typeof(RemoteMcpServices).FullName!, typeof(TeamTools).FullName!,
        ];

        var result = Types.InAssemblies(s_assemblies).That().ResideInNamespace(Namespace(folder)).ShouldNot().HaveDependencyOnAny(forbidden).GetResult();

        Assert.True(result.IsSuccessful, $"These types in {folder} use a folder that {folder} must not use: {string.Join(", ", result.FailingTypeNames ?? [])}");
    }

    [Fact]
    public void Table_has_every_folder()
    {
        var namespaces = FolderRules.MayUse.Keys.Select(Namespace).ToArray();

        var missing = s_assemblies.SelectMany(static assembly => assembly.GetTypes())
            .Where(static type => type.Namespace?.StartsWith("RemoteMcp.", StringComparison.Ordinal) == true && type.Namespace != "RemoteMcp.Tools")
            .Where(type => !namespaces.Any(each => type.Namespace == each || type.Namespace!.StartsWith(each + ".", StringComparison.Ordinal)))
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

        Assert.All(FolderRules.MayUse, rule => Assert.Contains(document, line => line.StartsWith($"| `src/{rule.Key}` |", StringComparison.Ordinal)
            && line.EndsWith($"| {MayUseCell(rule.Value)} |", StringComparison.Ordinal)));
    }

    // The tools share one list, which the document names once.
    private static string MayUseCell(string[] folders) => folders.Length == 0 ? "–"
        : folders.Contains("RemoteMcp.Tools/Shared") ? "see below"
        : string.Join(", ", folders.Select(static folder => folder["RemoteMcp/".Length..]));

    private static string Namespace(string folder) => folder.Replace('/', '.');
}
