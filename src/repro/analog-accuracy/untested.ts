/** Claims that our networks or models cannot test, and why. */
export const UNTESTED: readonly { readonly id: string; readonly claim: string; readonly why: string }[] = [
  {
    id: 'P1',
    claim: 'ResNet50 keeps its accuracy on ImageNet under the designs of the paper.',
    why: 'ImageNet and ResNet50 do not come along with the simulator; these are small networks on Fashion-MNIST.',
  },
  {
    id: 'P13',
    claim: 'Energy of the designs by circuit simulation of a 40 nm SONOS process.',
    why: 'circuit simulations of that process are not public; energies here follow from an architecture’s own figures (kirchhoff run).',
  },
  {
    id: 'P14',
    claim: 'Energy and area of the designs.',
    why: 'the published figures were not available to compare with.',
  },
];
