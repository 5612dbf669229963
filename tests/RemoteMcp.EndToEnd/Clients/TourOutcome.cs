using System.Text.Json;
using Xunit;

namespace RemoteMcp.EndToEnd.Clients;

internal sealed record TourPage(bool IsError, string Text, JsonElement Structured);

internal sealed record TourAnswer(string Name, IReadOnlyList<TourPage> Pages);

/// <summary>The resources and prompts that a client received.</summary>
/// <param name="Resources">The URIs of all resources.</param>
/// <param name="Resource">The text of the resource that the plan names.</param>
/// <param name="Prompts">The names of all prompts.</param>
/// <param name="Prompt">The text of the prompt that the plan names.</param>
internal sealed record SeenResourcesAndPrompts(
    IReadOnlyList<string> Resources, string Resource, IReadOnlyList<string> Prompts, string Prompt);

/// <summary>The results that a client received on its tour.</summary>
/// <param name="ToolsAtFirst">The tools that the server listed after the sign-in, before the client requested more scopes.</param>
/// <param name="Tools">The tools that the server listed after the calls, when the user had granted the scopes for them.</param>
/// <param name="Answers">The results of the calls, in the order of the plan.</param>
/// <param name="Questions">The questions that tools asked the user.</param>
/// <param name="Pages">The number of Entra ID pages that the user saw.</param>
/// <param name="Beside">The resources and prompts, if the plan names any.</param>
internal sealed record TourOutcome(
    IReadOnlyList<string> ToolsAtFirst,
    IReadOnlyList<string> Tools,
    IReadOnlyList<TourAnswer> Answers,
    IReadOnlyList<string> Questions,
    int Pages,
    SeenResourcesAndPrompts? Beside)
{
    /// <summary>Reads the output of tests/clients/tour.mjs.</summary>
    public static TourOutcome Parse(string json) => JsonSerializer.Deserialize<TourOutcome>(json, JsonSerializerOptions.Web)!;

    /// <summary>The structured result pages of a tool that was called once.</summary>
    public IReadOnlyList<JsonElement> PagesOf(string tool) =>
        [.. Assert.Single(Answers, answer => answer.Name == tool).Pages.Select(static page => page.Structured)];

    /// <summary>The structured result of a tool that was called once and returned one page.</summary>
    public JsonElement AnswerOf(string tool) => Assert.Single(PagesOf(tool));
}
