using System.Text.Json;
using Xunit;

namespace RemoteMcp.EndToEnd.Clients;

internal sealed record TourPage(bool IsError, string Text, JsonElement Structured);

internal sealed record TourAnswer(string Name, IReadOnlyList<TourPage> Pages);

/// <summary>What a client saw beside tools.</summary>
/// <param name="Resources">The URIs of all resources.</param>
/// <param name="Resource">The text of the plan's.</param>
/// <param name="Prompts">The names of all prompts.</param>
/// <param name="Prompt">The text of the plan's.</param>
internal sealed record SeenBeside(IReadOnlyList<string> Resources, string Resource, IReadOnlyList<string> Prompts, string Prompt);

/// <summary>What a client saw on its tour.</summary>
/// <param name="ToolsAtFirst">The tools that were listed to whoever had only signed in.</param>
/// <param name="Tools">The tools that were listed after the calls, with what the user granted for them.</param>
/// <param name="Answers">What each call gave, in the order of the plan.</param>
/// <param name="Questions">What the user was asked by tools.</param>
/// <param name="Pages">How often the user saw a page of Entra ID.</param>
/// <param name="Beside">Resources and prompts, where the plan names them.</param>
internal sealed record TourOutcome(
    IReadOnlyList<string> ToolsAtFirst, IReadOnlyList<string> Tools, IReadOnlyList<TourAnswer> Answers, IReadOnlyList<string> Questions, int Pages, SeenBeside? Beside)
{
    /// <summary>Reads what tests/clients/tour.mjs wrote.</summary>
    public static TourOutcome Parse(string json) => JsonSerializer.Deserialize<TourOutcome>(json, JsonSerializerOptions.Web)!;

    /// <summary>The structured pages of the one call of a tool.</summary>
    public IReadOnlyList<JsonElement> PagesOf(string tool) => [.. Assert.Single(Answers, answer => answer.Name == tool).Pages.Select(static page => page.Structured)];

    /// <summary>The structured answer of a tool that was called once and has one page.</summary>
    public JsonElement AnswerOf(string tool) => Assert.Single(PagesOf(tool));
}
